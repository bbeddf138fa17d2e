#!/bin/bash
# Makes what is missing: each folder in /databases, or in the folder that is given, is named after a service, which gets a
# database and a role of its own, both called like itself with underscores. The role's password is the file `password` in
# the folder; where there is none, a random one is put there for the service to read. What exists stays, but for a password
# that differs. Runs at each start, so that a service that is added later gets its database too.
set -euo pipefail

for folder in "${1:-/databases}"/*/; do
  service=$(basename "$folder")
  if [ ! -s "$folder/password" ]; then
    head -c 24 /dev/urandom | base64 > "$folder/password"
    chmod 444 "$folder/password"
  fi
  psql --username postgres --no-password --dbname postgres --no-psqlrc --quiet -v ON_ERROR_STOP=1 \
    -v name="${service//-/_}" -v password="$(cat "$folder/password")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
