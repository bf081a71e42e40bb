module labgrader/localcluster/pause

go 1.26.4
