#!/bin/sh
# Carries one version from its packages to graduation, and ends with a code that a pipeline can trust.
#
#   release.sh push     VERSION FILE...  packages into the repository, visible to package managers
#   release.sh inside   VERSION          canary and QA cell together, then the main cell, each until it has baked
#   release.sh graduate VERSION          post-deployment migrations of the main cell, then out of the perimeter
#   release.sh all      VERSION FILE...  these three, one after the other
#
# Every step may be run again: what is done already is left as it is.
#
#   0  done
#   1  refused: a package, a brake, a right, a version that was blocked before; what was there is as it was
#   2  wrong use: arguments or variables
#   3  the server cannot be reached; nobody knows whether the last command arrived, so run the step again
#   4  harm: the version failed or did harm, was vetoed or superseded; Cambium takes its cells back
#   5  not in time: it is on its way still, or waits; cambium why VERSION says for what
#
# CAMBIUM_URL and CAMBIUM_TOKEN   the server, and a token that may push, deploy and act inside the perimeter
# REPOSITORY, DISTRIBUTION        such as acme/storefront and debian/bookworm
# CANARY, MAIN                    cells of the primary; canary and main without them
# WITHIN                          the longest that each wait may take; 2h without it
set -eu

cambium=${CAMBIUM:-cambium}
within=${WITHIN:-2h}

usage() {
  echo "release.sh: $1" >&2
  echo "  next: release.sh push|inside|graduate|all VERSION [FILE...]; see the head of the script" >&2
  exit 2
}

# Runs one command of Cambium; its exit code is ours.
step() {
  echo "== cambium $*"
  code=0
  "$cambium" "$@" || code=$?
  [ "$code" -eq 0 ] || { echo "== stopped with $code: cambium $*" >&2; exit "$code"; }
}

push() {
  [ $# -gt 0 ] || usage "push needs packages"
  step push --repo "${REPOSITORY:?}" --distro "${DISTRIBUTION:?}" "$@"
}

# Ring 0 deploys canary and QA cell at the same time; ring 1 opens only when both have proved the version.
inside() {
  step deploy "$version"
  step wait "$version" --for baked --cell "${CANARY:-canary}" --within "$within"
  step wait "$version" --for baked --cell "${MAIN:-main}" --within "$within"
}

# Where the fleet runs migrations or graduates by itself, these find it done.
graduate() {
  step pdm "$version" --cell "${MAIN:-main}"
  step wait "$version" --for migrated --cell "${MAIN:-main}" --within "$within"
  step graduate "$version"
  step wait "$version" --for graduated --within "$within"
}

[ $# -ge 2 ] || usage "a step and a version are needed"
what=$1 version=$2
shift 2
case $what in
  push) push "$@" ;;
  inside) inside ;;
  graduate) graduate ;;
  all) push "$@"; inside; graduate ;;
  *) usage "there is no step '$what'" ;;
esac
echo "== done: $what $version"
