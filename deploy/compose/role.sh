#!/bin/sh
# Runs once, in the empty database: the services' role owns its database and is no superuser; the API has a role of its own,
# which owns nothing and stands behind the wall between tenants.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname heliograph \
    --set password="$(cat /run/secrets/database-password)" \
    --set query_password="$(cat /run/secrets/query-database-password)" <<'SQL'
CREATE ROLE heliograph LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER DATABASE heliograph OWNER TO heliograph;
CREATE ROLE heliograph_query LOGIN PASSWORD :'query_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
ALTER ROLE heliograph_query SET search_path = tenant_wall, public;
SQL
