# Sourced: the versions of what a mesh sandbox runs.

kubernetes_version=1.34.4 # as in kubernetes/go.mod
istio_version=1.30.3      # what Istio's programs call themselves, and the tag of their images
go_version=1.26           # the oldest Go that builds the modules
