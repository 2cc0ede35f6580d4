#!/bin/sh
# Initialises the data directory where there is none, then becomes the server.
set -eu

if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:?is needed to initialise the server}" > "$password"
  initdb --username=postgres --pwfile="$password" --auth=scram-sha-256 --encoding=UTF8 --no-sync --no-instructions
  rm "$password"
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
fi
unset POSTGRES_PASSWORD
exec "$@"
