#!/bin/sh
# Made by `mainstay site render` from site.toml; change that and apply it again.
set -eu
exec /usr/lib/postgresql/15/bin/psql --no-psqlrc --set ON_ERROR_STOP=1 "$1" <<'SQL'
CREATE ROLE mainstay LOGIN PASSWORD '@SECRET:app@';
CREATE DATABASE "mainstay" OWNER mainstay;
SQL
