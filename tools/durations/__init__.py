"""`make durations`: what each experiment takes, in time, requests and CPU. See `__main__`."""
