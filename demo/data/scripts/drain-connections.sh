#!/bin/sh
# Refuses new connections and waits until those that are open have ended, at most DRAIN_SECONDS.
# DRAIN_PORT: the port that is served.
set -eu

port=${DRAIN_PORT:-443}
left=${DRAIN_SECONDS:-120}

open_connections() {
  ss --no-header --tcp --numeric state established "sport = :$port" | wc -l
}

nft -f - <<EOF
table inet drain {
  chain input {
    type filter hook input priority -10; policy accept;
    tcp dport $port ct state new reject with tcp reset
  }
}
EOF

while [ "$left" -gt 0 ] && [ "$(open_connections)" -gt 0 ]; do
  sleep 1
  left=$((left - 1))
done
echo "$(open_connections) connections are open on port $port"
