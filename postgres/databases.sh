#!/bin/bash
# Runs once, when PostgreSQL starts on an empty data directory. Each folder under /databases is named after a service:
# the service gets a database and a role of its own, both called like itself with underscores. The role's password is
# the file `password` in that folder; where there is none, a random one is put there for the service to read.
set -euo pipefail

for folder in /databases/*/; do
  service=$(basename "$folder")
  if [ ! -s "$folder/password" ]; then
    head -c 24 /dev/urandom | base64 > "$folder/password"
    chmod 444 "$folder/password"
  fi
  psql --username postgres --dbname postgres --no-psqlrc --quiet -v ON_ERROR_STOP=1 \
    -v name="${service//-/_}" -v password="$(cat "$folder/password")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
