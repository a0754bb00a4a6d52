# What the steps of this driver share; sourced by each. A cell is a folder on this machine:
#   apt/       an apt of its own: sources, lists, cache; the machine's apt is never touched, no root needed
#   releases/  each version as it was unpacked;  current -> the one that runs
#   data/      the shop's database;  shop.log, shop.pid
# Settings of the cell in fleet.yaml: port (required), folder (default ~/cambium-cells/<cell>), java-home (optional).
set -eu

cell=${CAMBIUM_CELL:?}
version=${CAMBIUM_VERSION:?}
port=${CAMBIUM_SETTING_PORT:?the cell needs the setting port}
folder=${CAMBIUM_SETTING_FOLDER:-$HOME/cambium-cells/$cell}
mkdir -p "$folder/releases" "$folder/data"
folder=$(cd "$folder" && pwd -P)
release=$folder/releases/$version
health_url=http://127.0.0.1:$port/health

say() { echo "$(date -u +%H:%M:%S) $cell: $*"; }

fail() { say "$@"; exit 1; }

# fetch URL FILE: with what the machine has; apt itself can always do it
fetch() {
  rm -f "$2"
  if command -v curl >/dev/null; then
    curl -fsSL --max-time 10 -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -T 10 -t 1 -O "$2" "$1"
  else
    APT_CONFIG=$folder/apt/apt.conf /usr/lib/apt/apt-helper -qq -o Acquire::Retries=0 download-file "$1" "$2"
  fi
}

# The version that answers, or nothing.
running_version() {
  fetch "$health_url" "$folder/health.json" 2>/dev/null || return 0
  sed -n 's/.*"version" *: *"\([^"]*\)".*/\1/p' "$folder/health.json"
}

# --- fetching a version through the channel of the cell's ring ---------------------------------------------------

prepare_apt() {
  apt=$folder/apt
  mkdir -p "$apt/etc/apt.conf.d" "$apt/etc/preferences.d" "$apt/etc/sources.list.d" "$apt/state/lists/partial" \
    "$apt/cache/archives/partial" "$folder/downloads"
  : >"$apt/state/status"
  cat >"$apt/apt.conf" <<CONF
Dir "$apt";
Dir::Etc "etc";
Dir::State "state";
Dir::State::status "$apt/state/status";
Dir::Cache "cache";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "20";
CONF
  export APT_CONFIG="$apt/apt.conf"
  fetch "${CAMBIUM_KEY_URL:?}" "$apt/key.asc" || fail "cannot fetch the key of the repository from $CAMBIUM_KEY_URL"
  {
    echo "Types: deb"
    echo "URIs: ${CAMBIUM_CHANNEL_URL:?}"
    echo "Suites: ${CAMBIUM_CODENAME:?}"
    echo "Components: main"
    echo "Signed-By:"
    sed 's/^[[:space:]]*$/./; s/^/ /' "$apt/key.asc"
  } >"$apt/etc/sources.list.d/channel.sources"
}

# Name, version, architecture and SHA-256 of what the version is made of, one package a line.
wanted_packages() { printf '%s\n' "${CAMBIUM_PACKAGES:?}" | sed '/^$/d' | cut -d' ' -f1-4; }

# Everything is put in place under another name first, so that a release folder is whole or not there.
install_release() {
  if [ -f "$release/.packages" ] && [ "$(cat "$release/.packages")" = "$(wanted_packages)" ]; then
    say "$version is already unpacked"
    return 0
  fi
  prepare_apt
  say "asking ${CAMBIUM_CHANNEL_URL}"
  apt-get -q update
  unpacked=$folder/releases/.unpacking
  rm -rf "$unpacked"
  mkdir "$unpacked"
  wanted_packages | while read -r name package_version architecture sha256; do
    install_package "$name" "$package_version" "$architecture" "$sha256"
  done
  wanted_packages >"$unpacked/.packages"
  rm -rf "$release"
  mv "$unpacked" "$release"
  say "$version unpacked"
}

install_package() {
  rm -f "$folder/downloads/"*.deb
  (cd "$folder/downloads" && apt-get -q download "$1=$2") || fail "the channel of this ring does not offer $1 $2"
  set -- "$@" "$folder/downloads/"*.deb
  found=$(sha256sum <"$5")
  found=${found%% *}
  [ "$found" = "$4" ] || fail "$1 $2 has SHA-256 $found, expected $4: not installed"
  say "$1 $2 ($3) has the expected SHA-256"
  dpkg-deb -x "$5" "$unpacked"
  rm -f "$5"
}

# --- the process -------------------------------------------------------------------------------------------------

# Every shop process of this cell, also one whose pid file got lost. The pattern is read from a file: on the command
# line it would find the search itself.
shop_pids() {
  printf '%s\n' "-Dstorefront.home=$folder/releases/" >"$folder/.pattern"
  grep -lF -f "$folder/.pattern" /proc/[0-9]*/cmdline 2>/dev/null | sed 's|/proc/\([0-9]*\)/.*|\1|' || true
}

stop_shop() {
  pids=$(shop_pids)
  [ -n "$pids" ] || return 0
  say "stopping process" $pids
  kill $pids 2>/dev/null || true
  tries=0
  while [ -n "$(shop_pids)" ]; do
    tries=$((tries + 1))
    [ "$tries" -ne 100 ] || { say "it does not end: killed"; kill -9 $(shop_pids) 2>/dev/null || true; }
    [ "$tries" -lt 200 ] || fail "the old process cannot be ended"
    sleep 0.1
  done
}

start_shop() {
  ln -sfn "releases/$version" "$folder/current.new"
  mv -T "$folder/current.new" "$folder/current"
  cd "$folder"
  STOREFRONT_PORT=$port STOREFRONT_DATA=$folder/data STOREFRONT_JAVA_HOME=${CAMBIUM_SETTING_JAVA_HOME:-} \
    setsid "$release/opt/storefront/bin/storefront" serve >>"$folder/shop.log" 2>&1 </dev/null &
  echo "$!" >"$folder/shop.pid"
  tries=0
  while [ "$(running_version)" != "$version" ]; do
    tries=$((tries + 1))
    if [ "$tries" -ge 300 ] || [ -z "$(shop_pids)" ] && [ "$tries" -gt 5 ]; then
      tail -n 20 "$folder/shop.log"
      fail "$version does not answer on port $port"
    fi
    sleep 0.2
  done
  say "$version answers on port $port"
}

# The whole way to a version, forward or back; a second run of the same finds it done.
switch_to_version() {
  install_release
  if [ "$(readlink "$folder/current" 2>/dev/null)" = "releases/$version" ] && [ "$(running_version)" = "$version" ]; then
    say "$version already runs"
    return 0
  fi
  stop_shop
  start_shop
}
