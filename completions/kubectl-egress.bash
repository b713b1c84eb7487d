# bash completion for kubectl-egress. The bash-completion package is not needed.

# __kubectl_egress_offer TEXT DESCRIPTION: adds a candidate, without the part of the word that readline keeps.
__kubectl_egress_offer() {
  local reply=$flag$1
  reply=${reply#"$stays"}
  [[ -n $quoted ]] || printf -v reply %q "$reply"
  COMPREPLY+=("$reply")
  explained+=("$2")
}

# __kubectl_egress_files EXTENSIONS: adds folders and files with these extensions; all files if it is empty.
__kubectl_egress_files() {
  local file quoted=by-readline
  compopt -o filenames 2>/dev/null
  while IFS= read -r file; do
    [[ -n $1 && ! -d ${file/#\~\//$HOME/} && " $1 " != *" ${file##*.} "* ]] || __kubectl_egress_offer "$file" ''
  done < <(compgen -f -- "$value")
}

# Adds the descriptions to the candidates of a list, in columns.
__kubectl_egress_explain() {
  local i longest=0 room
  for i in "${COMPREPLY[@]}"; do
    ((${#i} <= longest)) || longest=${#i}
  done
  room=$((${COLUMNS:-80} - longest - 5))
  ((room > 10)) || return
  for i in "${!COMPREPLY[@]}"; do
    [[ -z ${explained[i]} ]] ||
      printf -v "COMPREPLY[i]" '%-*s  (%s)' "$longest" "${COMPREPLY[i]}" "${explained[i]:0:room}"
  done
}

_kubectl_egress() {
  local left=${COMP_LINE:0:COMP_POINT} words=() lines=() explained=() blanks piece i
  COMPREPLY=()
  # COMP_WORDS is also split at = and :.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    blanks=${left%%[![:space:]]*}
    left=${left:${#blanks}}
    piece=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || piece=$left
    left=${left:${#piece}}
    # Quotes are removed, and nothing is evaluated.
    piece=${piece//[\\\"\']/}
    if ((i > 0)) && [[ -z $blanks ]]; then
      words[${#words[@]} - 1]+=$piece
    else
      words+=("$piece")
    fi
  done

  local begun=${words[${#words[@]} - 1]} value quoted=''
  value=$begun
  [[ $begun != -*=* ]] || value=${begun#*=}
  [[ $piece != ["$COMP_WORDBREAKS"]* ]] || piece=''
  local flag=${begun%"$value"} stays=${begun%"$piece"}
  # If words break at @, readline replaces the @, too, because it takes the word for a host name.
  stays=${stays%@}

  words=("${words[@]:1}")
  while IFS= read -r i; do
    lines+=("$i")
  done < <(kubectl-egress __complete "${words[@]/#\~\//$HOME/}" 2>/dev/null)
  ((${#lines[@]} > 0)) || return
  # The last line is the directive.
  local directive=${lines[${#lines[@]} - 1]#:}
  unset "lines[${#lines[@]} - 1]"
  [[ $directive =~ ^[0-9]+$ ]] || return

  if ((directive & 8)); then
    __kubectl_egress_files "${lines[*]}"
  elif ((${#lines[@]} > 0)); then
    ((!(directive & 2))) || compopt -o nospace 2>/dev/null
    for i in "${lines[@]}"; do
      piece=${i%%$'\t'*}
      i=${i:${#piece}}
      __kubectl_egress_offer "$piece" "${i#$'\t'}"
    done
    case ${#COMPREPLY[@]}-$COMP_TYPE in
      1-*) ;;
      *-33 | *-63 | *-64) __kubectl_egress_explain ;;
    esac
  elif ((!(directive & 4))); then
    __kubectl_egress_files ''
  fi
}

complete -F _kubectl_egress kubectl-egress
