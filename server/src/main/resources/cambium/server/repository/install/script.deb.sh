#!/bin/sh
# Adds the repository @NAME@ to apt on this machine; made by Cambium, and safe to run again.
# In the environment: os and dist (as debian and bookworm) instead of what is found out here, and unique_id, the name
# under which the server knows this machine.
set -eu
umask 022

install_url='@INSTALL@'
file='@FILE@'
os="${os:-}"
dist="${dist:-}"
unique_id="${unique_id:-}"

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# The value of a variable in a file of assignments, which is read and not run.
value_of() { sed -n "s/^$2=//p" "$1" | head -n 1 | tr -d "\"'"; }

detect() {
  if [ -r /etc/os-release ]; then
    os=$(value_of /etc/os-release ID)
    dist=$(value_of /etc/os-release VERSION_CODENAME)
    [ -n "$dist" ] || dist=$(value_of /etc/os-release VERSION_ID)
  fi
  if [ -z "$dist" ] && [ -r /etc/lsb-release ]; then
    os=$(value_of /etc/lsb-release DISTRIB_ID)
    dist=$(value_of /etc/lsb-release DISTRIB_CODENAME)
    [ -n "$dist" ] || dist=$(value_of /etc/lsb-release DISTRIB_RELEASE)
  fi
  if [ -z "$dist" ] && command -v lsb_release >/dev/null 2>&1; then
    os=$(lsb_release -si)
    dist=$(lsb_release -sc)
  fi
  if [ -z "$dist" ] && [ -r /etc/debian_version ]; then
    [ -n "$os" ] || os=$(head -n 1 /etc/issue 2>/dev/null | cut -d ' ' -f 1)
    dist=$(cut -d / -f 1 /etc/debian_version)
  fi
  if [ -z "$os" ] || [ -z "$dist" ]; then
    fail "It is not clear what system this is. Say it: os=debian dist=bookworm sh script.deb.sh"
  fi
}

# Asks the server for one text. Its address holds a token, so it goes to curl by a file and not by an argument, which
# every user of the machine could see.
ask() {
  what=$1
  to=$2
  printf 'url = "%s/%s"\n' "$install_url" "$what" |
    curl -fsS --config - --get --output "$to" --data-urlencode "os=$os" --data-urlencode "dist=$dist" \
      --data-urlencode "name=$unique_id" --data-urlencode "source=script" --data-urlencode "auth=$auth" || {
      case $? in
        22) fail "The server refused $what for $os/$dist: it does not know this system, or the token was taken back." ;;
        60 | 77) fail "The server's certificate cannot be checked; install ca-certificates." ;;
        *) fail "The server cannot be reached." ;;
      esac
    }
}

apt_is_older_than() { dpkg --compare-versions "$(dpkg-query -W -f '${Version}' apt)" lt "$1"; }

need() {
  missing=
  command -v curl >/dev/null 2>&1 || missing="$missing curl"
  command -v gpg >/dev/null 2>&1 || missing="$missing gnupg"
  case $install_url in
    https:*)
      [ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
      ! apt_is_older_than 1.5 || [ -e /usr/lib/apt/methods/https ] || missing="$missing apt-transport-https"
      ;;
  esac
  [ -n "$missing" ] || return 0
  say "Installing$missing ..."
  apt-get update -q
  # shellcheck disable=SC2086 # several names
  apt-get install -q -y $missing
}

[ "$(id -u)" = 0 ] || fail "This changes /etc/apt: run it as root."
if [ -z "$os" ] || [ -z "$dist" ]; then
  detect
fi
[ -n "$unique_id" ] || unique_id=$(hostname -f 2>/dev/null || hostname 2>/dev/null || uname -n)
need

# Credentials have a file of their own since apt 1.1; before, they stood in the source line.
auth=conf
! apt_is_older_than 1.1 || auth=line

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say "Adding @NAME@ for $os/$dist, as $unique_id ..."
ask config_file.list "$work/list"
ask gpg_key_url.list "$work/key_url"
[ "$auth" = line ] || (umask 077 && ask apt_auth_conf "$work/auth")
printf 'url = "%s"\n' "$(cat "$work/key_url")" | curl -fsSL --config - --output "$work/key.asc" ||
  fail "The repository's key cannot be fetched."
GNUPGHOME="$work" gpg --batch --quiet --dearmor <"$work/key.asc" >"$work/key.gpg"

if [ "$auth" = line ]; then
  sed 's/ \[signed-by=[^]]*\]//' "$work/list" >"$work/list.old"
  mv "$work/list.old" "$work/list"
  install -D -m 0644 "$work/key.gpg" "/etc/apt/trusted.gpg.d/$file.gpg"
else
  install -D -m 0644 "$work/key.gpg" "/etc/apt/keyrings/$file-archive-keyring.gpg"
  if [ -s "$work/auth" ]; then
    install -D -m 0600 "$work/auth" "/etc/apt/auth.conf.d/$file.conf"
  fi
fi
install -D -m 0644 "$work/list" "/etc/apt/sources.list.d/$file.list"

apt-get update
say "Done. Packages of @NAME@ can be installed now."
