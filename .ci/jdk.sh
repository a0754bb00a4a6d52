# Finds JDK 25 or newer and exports JAVA_HOME; plain `java` may be older. Sourced by ./dev and ./cambium.
# CAMBIUM_JDKS names the folder of JDKs where it is not one of the usual ones.
is_jdk25() {
  [ -x "$1/bin/javac" ] || return 1
  release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ "${release:-0}" -ge 25 ]
}
first_jdk25() {
  for candidate; do
    if is_jdk25 "$candidate"; then JAVA_HOME=$candidate; return 0; fi
  done
  JAVA_HOME=
}
if ! is_jdk25 "${JAVA_HOME:-}"; then
  if [ -n "${CAMBIUM_JDKS:-}" ]; then first_jdk25 "$CAMBIUM_JDKS"/*; else first_jdk25 /usr/lib/jvm/* /opt/*jdk*; fi
fi
if [ -z "$JAVA_HOME" ]; then
  echo "cambium: JDK 25 or newer is needed; none found in JAVA_HOME or ${CAMBIUM_JDKS:-/usr/lib/jvm and /opt}." >&2
  exit 1
fi
export JAVA_HOME
# A build ends before Java's second compiler pays for itself: without it, it costs two thirds.
case ${MAVEN_OPTS:-} in
  *GC*) ;;
  *) MAVEN_OPTS="${MAVEN_OPTS:-} -XX:+UseSerialGC" ;;
esac
MAVEN_OPTS="-XX:TieredStopAtLevel=1 $MAVEN_OPTS"
export MAVEN_OPTS="$MAVEN_OPTS --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
