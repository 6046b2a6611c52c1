#!/bin/sh
# Lets Fedora CoreOS restart into updates only at night on weekends, in UTC.
# UPDATE_DAYS: days as TOML strings. UPDATE_START: time of day. UPDATE_MINUTES: length of the window.
set -eu

days=${UPDATE_DAYS:-'"Sat", "Sun"'}
start=${UPDATE_START:-02:00}
minutes=${UPDATE_MINUTES:-120}

mkdir -p /etc/zincati/config.d
cat > /etc/zincati/config.d/55-updates-strategy.toml <<EOF
[updates]
strategy = "periodic"

[[updates.periodic.window]]
days = [ $days ]
start_time = "$start"
length_minutes = $minutes
EOF
systemctl try-restart zincati.service
