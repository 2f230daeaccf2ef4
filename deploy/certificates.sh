#!/bin/bash
# Makes the cluster's own authority and a certificate for each of its nodes, once. What is there is left alone.
set -eu
days=1825
cd /certificates
if [ ! -e node3/node.crt ]; then
  [ -e ca/ca.crt ] || es-gencert-cli create-ca -days "$days" -out ./ca
  for n in 1 2 3; do
    [ -e "node$n/node.crt" ] || es-gencert-cli create-node -days "$days" \
      -ca-certificate ./ca/ca.crt -ca-key ./ca/ca.key -out "./node$n" -dns-names "localhost,kurrentdb$n" -ip-addresses 127.0.0.1
  done
fi
# The nodes' user may read its keys; of the authority everybody may read the certificate and nobody the key.
mkdir -p /authority
cp ca/ca.crt /authority/ca.crt
chmod 755 /authority . ca node1 node2 node3
chmod 644 /authority/ca.crt ca/ca.crt node?/node.crt
chmod 600 ca/ca.key node?/node.key
chown 1001:1001 node?/node.key
