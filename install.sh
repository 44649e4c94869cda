#!/bin/sh
# Installs cc-dm into Claude Code, from this clone or, piped from the network, from GitHub:
#   sh install.sh        curl -fsSL https://raw.githubusercontent.com/cc-dm/cc-dm/main/install.sh | sh
# What `cc-dm install` takes it takes too, such as --statusline (through a pipe: sh -s -- --statusline).
# CC_DM_CLIENT names another client than the `claude` on the PATH. Running it again is harmless.
set -eu

github=cc-dm/cc-dm
marketplace=cc-dm-marketplace
plugin=cc-dm@$marketplace
# Without these Bun would do what the folder says in which this was started (plugin/host/alone.ts).
alone="--config=/dev/null --no-env-file --tsconfig-override=/dev/null"

say() { printf '%s\n' "$*"; }

fail() {
  printf 'cc-dm: %s\n' "$*" >&2
  exit 1
}

# at_least 2.1.329 2 1 118: whether the version is that one or a newer one.
at_least() {
  wanted_major=$2 wanted_minor=$3 wanted_patch=$4
  IFS=. read -r major minor patch <<EOF
${1%%[!0-9.]*}
EOF
  case "$major$minor${patch:=0}" in *[!0-9]* | '') return 1 ;; esac
  [ "$major" -eq "$wanted_major" ] || { [ "$major" -gt "$wanted_major" ] && return 0 || return 1; }
  [ "${minor:=0}" -eq "$wanted_minor" ] || { [ "$minor" -gt "$wanted_minor" ] && return 0 || return 1; }
  [ "$patch" -ge "$wanted_patch" ]
}

check_bun() {
  command -v bun >/dev/null 2>&1 ||
    fail 'Bun is not on the PATH; the plugin runs on it. Install Bun 1.4 or newer (npm i -g bun, or https://bun.sh), open a new terminal and run this again.'
  version=$(bun --version 2>/dev/null) || fail "\"$(command -v bun) --version\" does not work. Install Bun anew (https://bun.sh)."
  at_least "$version" 1 4 0 || fail "Bun $version is too old; cc-dm needs 1.4 or newer. Run: bun upgrade"
  say "Bun $version: good."
}

check_client() {
  command -v "$client" >/dev/null 2>&1 ||
    fail "There is no Claude Code here: \"$client\" was not found. Install it (https://code.claude.com/docs), or name yours with CC_DM_CLIENT=/path/to/claude."
  version=$("$client" --version 2>/dev/null) || fail "\"$client --version\" does not work; is it Claude Code?"
  version=${version%% *}
  at_least "$version" 2 1 118 ||
    fail "Claude Code $version is too old; cc-dm needs 2.1.118 or newer, and 2.1.197 or newer to wake an idle session without any flag. Run: $client update"
  if at_least "$version" 2 1 197; then
    say "Claude Code $version: good."
  else
    say "Claude Code $version: works, but from 2.1.197 on a message also wakes an idle session without any flag; here it waits for the session's next turn. To get that: $client update"
  fi
}

# Where this script lies in a clone of cc-dm; nothing if it came through a pipe.
clone() {
  [ -f "$0" ] || return 0
  folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
  [ ! -f "$folder/.claude-plugin/marketplace.json" ] || printf '%s' "$folder"
}

# Where the client has put the plugin, by its own list.
installed() {
  CC_DM_LIST="${CLAUDE_CONFIG_DIR:-$HOME/.claude}/plugins/installed_plugins.json" CC_DM_PLUGIN=$plugin bun $alone -e '
    const { CC_DM_LIST, CC_DM_PLUGIN } = process.env;
    const { plugins } = JSON.parse(require("node:fs").readFileSync(CC_DM_LIST, "utf8"));
    console.log([plugins[CC_DM_PLUGIN]].flat().at(-1).installPath);' </dev/null
}

main() {
  client=${CC_DM_CLIENT:-claude}
  doing=yes
  for word in "$@"; do
    case $word in -h | --help | -n | --dry-run | --json) doing=no ;; esac
  done
  check_bun
  check_client
  source=$(clone)
  update="cd $source && git pull   (keep this clone: Claude Code runs cc-dm from it)"
  if [ -z "$source" ]; then
    update="$client plugin marketplace update $marketplace && $client plugin update $plugin"
    # The client reads stdin, which is this very script when it came through a pipe.
    "$client" plugin marketplace add "$github" </dev/null || fail "The marketplace could not be added from $github (see above)."
    "$client" plugin install "$plugin" </dev/null || fail "The plugin could not be installed (see above)."
    source=$(installed) || fail "The plugin is installed, but its folder was not found; so cc-dm is not on your PATH."
  fi
  [ -f "$source/dist/cli.js" ] || fail "$source holds no dist/cli.js."
  # The rest, and what is there already: the plugin, the command on the PATH, with --statusline the status line.
  CC_DM_CLIENT=$client bun $alone "$source/dist/cli.js" install "$@" </dev/null
  [ "$doing" = no ] || cat <<EOF

To update:  $update
To remove:  cc-dm uninstall
EOF
}

# Last, so that a download that broke off does nothing.
main "$@"
