#!/bin/sh
# Runs once, in the empty database: the services' role owns its database and is no superuser.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname heliograph \
    --set password="$(cat /run/secrets/database-password)" <<'SQL'
CREATE ROLE heliograph LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER DATABASE heliograph OWNER TO heliograph;
SQL
