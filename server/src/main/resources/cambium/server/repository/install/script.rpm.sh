#!/bin/sh
# Adds the repository @NAME@ to dnf, yum or zypper on this machine; made by Cambium, and safe to run again.
# In the environment: os and dist (as el and 9) instead of what is found out here, and unique_id, the name under which
# the server knows this machine.
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

# The first number in a file like redhat-release: its major version.
number_in() { sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p' "$1" | head -n 1; }

detect() {
  if [ -r /etc/os-release ]; then
    os=$(value_of /etc/os-release ID)
    dist=$(value_of /etc/os-release VERSION_ID)
    case $os in
      poky | sles | sled | opensuse* | amzn) ;;
      *) dist=${dist%%.*} ;;
    esac
  elif [ -r /etc/oracle-release ]; then
    os=ol
    dist=$(number_in /etc/oracle-release)
  elif [ -r /etc/redhat-release ]; then
    os=el
    case $(cat /etc/redhat-release) in
      Fedora*) os=fedora ;;
      Scientific*) os=scientific ;;
    esac
    dist=$(number_in /etc/redhat-release)
  elif grep -q Amazon /etc/issue 2>/dev/null; then
    # The first Amazon Linux takes what is built for Enterprise Linux 6.
    os=aws
    dist=6
  fi
  if [ -z "$os" ] || [ -z "$dist" ]; then
    fail "It is not clear what system this is. Say it: os=el dist=9 sh script.rpm.sh"
  fi
}

# Asks the server for one text. Its address holds a token, so it goes to curl by a file and not by an argument, which
# every user of the machine could see.
ask() {
  what=$1
  to=$2
  printf 'url = "%s/%s"\n' "$install_url" "$what" |
    curl -fsS --config - --get --output "$to" --data-urlencode "os=$os" --data-urlencode "dist=$dist" \
      --data-urlencode "name=$unique_id" --data-urlencode "source=script" || {
      case $? in
        22) fail "The server refused $what for $os/$dist: it does not know this system, or the token was taken back." ;;
        60 | 77) fail "The server's certificate cannot be checked; install ca-certificates." ;;
        *) fail "The server cannot be reached." ;;
      esac
    }
}

[ "$(id -u)" = 0 ] || fail "This changes /etc: run it as root."
if [ -z "$os" ] || [ -z "$dist" ]; then
  detect
fi
[ -n "$unique_id" ] || unique_id=$(hostname -f 2>/dev/null || hostname 2>/dev/null || uname -n)
command -v curl >/dev/null 2>&1 || fail "curl is needed: install it and run this again."

folder=/etc/yum.repos.d
case $os in
  sles | sled | opensuse* | suse) folder=/etc/zypp/repos.d ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say "Adding @NAME@ for $os/$dist, as $unique_id ..."
ask config_file.repo "$work/repo"
mkdir -p "$folder"
install -m 0644 "$work/repo" "$folder/$file.repo"

if [ "$folder" = /etc/zypp/repos.d ]; then
  zypper --non-interactive --gpg-auto-import-keys refresh "$file" "$file-source"
else
  for tool in dnf yum; do
    command -v "$tool" >/dev/null 2>&1 || continue
    if [ "$tool" = yum ]; then
      # Only old ones need these, to check signatures and to manage repositories.
      yum install -q -y pygpgme yum-utils --disablerepo="$file,$file-source" >/dev/null 2>&1 || true
    fi
    "$tool" -q makecache -y --disablerepo='*' --enablerepo="$file" --enablerepo="$file-source"
    break
  done
fi
say "Done. Packages of @NAME@ can be installed now."
