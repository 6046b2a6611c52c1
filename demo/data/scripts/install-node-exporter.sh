#!/bin/sh
# Runs Prometheus' node exporter as a container that systemd keeps alive; running it again changes nothing.
# NODE_EXPORTER_VERSION: tag of the image. NODE_EXPORTER_PORT: where Prometheus finds it.
set -eu

version=${NODE_EXPORTER_VERSION:-v1.9.1}
port=${NODE_EXPORTER_PORT:-9100}

mkdir -p /etc/containers/systemd
cat > /etc/containers/systemd/node-exporter.container <<EOF
[Unit]
Description=Prometheus node exporter
Wants=network-online.target
After=network-online.target

[Container]
Image=quay.io/prometheus/node-exporter:$version
Network=host
Volume=/:/host:ro,rslave
PodmanArgs=--pid=host
Exec=--path.rootfs=/host --web.listen-address=:$port

[Service]
Restart=always
TimeoutStartSec=300

[Install]
WantedBy=multi-user.target
EOF
systemctl daemon-reload
systemctl start node-exporter.service
