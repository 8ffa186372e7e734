# Completion of seep(1) for bash. The options are what `seep COMMAND --help` says.
_seep()
{
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]-} i
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "run report diff collect selftest help --help --version" -- "$word")
        return
    fi
    if [[ $command == help ]]; then
        mapfile -t COMPREPLY < <(compgen -W "run report diff collect selftest" -- "$word")
        return
    fi
    if [[ $command == run ]]; then
        for ((i = 2; i < COMP_CWORD; i++)); do
            if [[ ${COMP_WORDS[i]} == -- ]]; then
                if ((i + 1 == COMP_CWORD)); then
                    mapfile -t COMPREPLY < <(compgen -c -- "$word")
                else
                    mapfile -t COMPREPLY < <(compgen -f -- "$word")
                fi
                return
            fi
        done
    fi
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W \
            "-- $(seep "$command" --help 2> /dev/null | grep -o -- '--[a-z][a-z_-]*=\?')" -- "$word")
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _seep seep
