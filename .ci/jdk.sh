# Finds JDK 25 or newer and exports JAVA_HOME; plain `java` may be older. Sourced by ./dev and ./cambium.
is_jdk25() {
  [ -x "$1/bin/javac" ] || return 1
  release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ "${release:-0}" -ge 25 ]
}
if ! is_jdk25 "${JAVA_HOME:-}"; then
  JAVA_HOME=
  for candidate in "${CAMBIUM_JDKS:-/usr/lib/jvm}"/* /opt/*jdk*; do
    if is_jdk25 "$candidate"; then JAVA_HOME=$candidate; break; fi
  done
fi
if [ -z "$JAVA_HOME" ]; then
  echo "cambium: JDK 25 or newer is needed; none found in JAVA_HOME, ${CAMBIUM_JDKS:-/usr/lib/jvm} or /opt." >&2
  exit 1
fi
export JAVA_HOME
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
