#!/bin/sh
# Writes the administrator's password down where the server may read it and not change it, as ClickHouse's own image does,
# then becomes the server. That listens on loopback, so something passes on what comes from outside.
set -eu

cd /var/lib/clickhouse
printf %s "${CLICKHOUSE_PASSWORD:?is needed}" | sha256sum | cut -d ' ' -f 1 | tr -d '\n' > password
chmod 644 password
chown nobody .
[ "${CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT:-0}" = 1 ]
unset CLICKHOUSE_PASSWORD

socat TCP-LISTEN:8123,fork,reuseaddr,nodelay TCP:127.0.0.1:8124,nodelay &
exec setpriv --reuid=nobody --regid=nogroup --clear-groups \
  java -Xss16m -Xmx1g -XX:+UseSerialGC -Djna.tmpdir=/tmp -Djna.nosys=true \
  -cp "$(echo /opt/clickhouse/*.jar | tr ' ' ':')" dev.isolated.embedded.front.Front /opt/clickhouse/libchdb.so 8124
