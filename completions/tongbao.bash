# Completes the commands of tongbao. Made by `make completions` from its commands.
_tongbao() {
  local at='' word words=''
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
    ' check' | ' explain' | ' schema' | ' verify-receipt' | ' forget' | ' web' | ' browse' | ' rules' | ' rules list' | ' rules browse' | ' rules show' | ' rules claims' | ' rules test' | ' rules verify' | ' rules watch' | ' rules diff' | ' rules questions' | ' rules graph' | ' rules export' | ' rules import' | ' rules new') at="$at $word" ;;
    esac
  done
  case "$at" in
    '') words='check explain schema verify-receipt forget web browse rules --lang --as-of --plain --fast --idle --no-save --export-dir --version' ;;
    ' check') words='--output --topics --decisions --outcomes --jobs --no-compare --fail-on --map --unique-ids --report --resume --index --progress-json --json-summary --explain --lang --quiet --rulesets --as-of' ;;
    ' explain') words='--id --topics --decision --format --ics --rulesets --lang --as-of' ;;
    ' schema') words='--rulesets' ;;
    ' verify-receipt') words='--cases --map --rulesets --json --lang' ;;
    ' forget') words='--lang' ;;
    ' web') words='--port --host --public-url --sessions --per-address --proxies --idle --lang --as-of' ;;
    ' browse') words='--filter --json --plain --cases --lang --as-of' ;;
    ' rules') words='list browse show claims test verify watch diff questions graph export import new --rulesets' ;;
    ' rules list') words='--format --lang' ;;
    ' rules browse') words='--region --as-of --lang' ;;
    ' rules show') words='--region --as-of --format --lang' ;;
    ' rules claims') words='--format --json --lang' ;;
    ' rules test') words='--verbose --mutants --drafts --json --lang' ;;
    ' rules verify') words='--overlaps --coverage --json --lang' ;;
    ' rules watch') words='--once --json --screen --plain --lang' ;;
    ' rules diff') words='--topic --decision --region --as-of --cases --report --format --json --lang' ;;
    ' rules questions') words='--region --as-of --states --families --format --json --lang' ;;
    ' rules graph') words='--decision --kind --region --as-of --rows --columns --format --output --lang' ;;
    ' rules export') words='--format --topic --decision --region --as-of --output --lang' ;;
    ' rules import') words='--output --lang' ;;
    ' rules new') words='--output --lang' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _tongbao tongbao
