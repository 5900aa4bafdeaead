/** Shells with completion support. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type Shell = (typeof shells)[number];

/**
 * The completion script of a shell: a function that asks the command itself, so that project ids, templates and models
 * are current. The command prints one candidate per line, followed by a tab and a description; a first line of `:files`
 * requests file names.
 */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash;
    case 'zsh':
      return zsh;
    case 'fish':
      return fish;
    case 'powershell':
      return powershell;
  }
}

// Bash splits `llama3:8b` and `--model=m` into several words. The script rejoins words not separated by spaces, and
// returns only the part of a candidate that bash will replace.
const bash = `# ai-toolkit: completion for bash. Put into ~/.bashrc: eval "$(ai-toolkit completion bash)"
_ai_toolkit() {
  local line rest="$COMP_LINE" unspaced word index
  local -a words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    unspaced="\${rest#"\${rest%%[![:space:]]*}"}"
    if ((index > 1)) && [ "$unspaced" = "$rest" ]; then
      words[\${#words[@]} - 1]+="$word"
    else
      words+=("$word")
    fi
    rest="\${unspaced#"$word"}"
  done
  local current="\${words[\${#words[@]} - 1]}"
  local before="\${current%"\${current##*[:=]}"}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${current#"$before"}")
    else
      line="\${line%%$'\\t'*}"
      COMPREPLY+=("\${line#"$before"}")
    fi
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _ai_toolkit ai-toolkit ait
`;

const zsh = `#compdef ai-toolkit ait
# ai-toolkit: completion for zsh. Put into ~/.zshrc: eval "$(ai-toolkit completion zsh)"
_ai_toolkit() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == ":files" ]]; then
      _files
    elif [[ -n "$line" ]]; then
      candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( \${#candidates} )) && _describe 'ai-toolkit' candidates
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _ai_toolkit ai-toolkit ait
`;

const fish = `# ai-toolkit: completion for fish. Put into ~/.config/fish/config.fish: ai-toolkit completion fish | source
function __ai_toolkit_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c ai-toolkit -f -a '(__ai_toolkit_complete)'
complete -c ait -f -a '(__ai_toolkit_complete)'
`;

const powershell = `# ai-toolkit: completion for PowerShell. Put into $PROFILE: ai-toolkit completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ai-toolkit, ait -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursorPosition } | Select-Object -Skip 1 | ForEach-Object { "$_" })
    if ($wordToComplete -eq '') { $words += '""' }
    & $commandAst.CommandElements[0].Value __complete '--' @words 2>$null | ForEach-Object {
        if ($_ -eq ':files') {
            Get-ChildItem -Name -Path "$wordToComplete*" -ErrorAction SilentlyContinue | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ProviderItem', $_)
            }
        } else {
            $value, $text = $_ -split "\`t", 2
            if (-not $text) { $text = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
        }
    }
}
`;
