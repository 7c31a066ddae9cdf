/** What `trien-bridge help origins` prints. */
export const ORIGINS_HELP = `usage:
    trien-bridge origins
    trien-bridge origins remove https://portal.example
    trien-bridge origins clear

Shows the sites that may see the certificates, and takes that back.

    --json                print JSON
    remove ORIGIN         take it back from one; a running bridge heeds it at once
    clear                 take it back from all

The person is asked once for each site. The answer is kept in $XDG_STATE_HOME/trien/origins.json
(~/.local/state/trien/origins.json) until a year without use; "serve --demo" keeps it no longer than it runs.
`
