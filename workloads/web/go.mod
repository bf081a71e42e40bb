module labgrader/workloads/web

go 1.26.4
