#!/usr/bin/env bash
# kubeconfig.sh DIR SERVER USER: prints a kubeconfig for one of DIR's certificates and the API server at the URL SERVER,
# with everything inline, so that it still works when copied elsewhere.
set -euo pipefail
dir=$1 server=$2 user=$3

cat <<END
apiVersion: v1
kind: Config
current-context: sandbox
contexts:
  - name: sandbox
    context: {cluster: sandbox, user: $user}
clusters:
  - name: sandbox
    cluster:
      server: $server
      certificate-authority-data: $(base64 --wrap=0 "$dir/ca.crt")
users:
  - name: $user
    user:
      client-certificate-data: $(base64 --wrap=0 "$dir/$user.crt")
      client-key-data: $(base64 --wrap=0 "$dir/$user.key")
END
