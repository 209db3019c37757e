#!/bin/sh
# Brings what the checks need: PostgreSQL, Chromium and a Chinese font from
# Debian's packages, and the locked npm packages. Installs when run as root on
# Debian, and elsewhere says what is missing.
set -eu
cd "$(dirname "$0")/.."

packages=""
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages="$packages postgresql"
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || packages="$packages fonts-noto-cjk"

if [ -n "$packages" ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		echo "installing$packages"
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq >/dev/null
		# shellcheck disable=SC2086
		apt-get install -y -qq --no-install-recommends $packages fontconfig >/dev/null
	else
		echo "make test needs these programs, please install them:$packages" >&2
		echo "(on Debian: sudo apt-get install$packages)" >&2
		exit 1
	fi
fi

make --no-print-directory assets
for folder in tools/oidc; do
	if [ -f $folder/package-lock.json ] && [ ! -f $folder/node_modules/.package-lock.json ]; then
		(cd $folder && npm ci --silent --no-audit --no-fund)
	fi
done
