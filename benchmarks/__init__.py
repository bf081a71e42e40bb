"""`make bench`: the operator beside a bare program and a stock kopf grader, on a real cluster.

All of them grade the same Submissions of the same exercise (``settle: 0s``) in the same
cluster, and none may know more than the cluster says now. Five checks that need six looks: a
Deployment, a Service, an HorizontalPodAutoscaler, and the lists of EndpointSlices, Pods and
ReplicaSets by which the Service's traffic is followed to the Deployment's pods.

`bare`      aiohttp and nothing else: one watch, six consistent LISTs at once, one PATCH.
`bare-get`  the same, but it GETs what has a name, as the operator does.
`stock`     `@kopf.on.create` as in kopf's tutorial: typed client, one look after the other.
`operator`  `labgrader run`: the product as it is, with all that it does besides.

The contestants take turns, in another order in each round, so that what the machine does
besides hits all alike; compare the ratios, not the times. A turn is 100 submissions back to
back, 100 that are 500 ms apart, and 1,000 at once. Time runs from before the POST until the
driver's watch shows the score. Requests are counted by the API server's audit log; CPU and
memory are those of the contestant's process. Driver and contestants run inside the cluster's
network, without the relay between.

The command line is measured by itself: twenty facts about three objects, asked of 1 and of 20
namespaces, by `labgrader grade`, by a shell script with kubectl, by a bare aiohttp program,
and by chainsaw where it is on PATH. Start-up counts. So it does for `labgrader lint` of a
hundred exercises, which needs no cluster.
"""
