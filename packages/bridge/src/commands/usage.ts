/** What `trien-bridge` prints when it is asked nothing. */
export const USAGE = `usage:
    trien-bridge serve
    trien-bridge serve --demo
    trien-bridge tokens
    trien-bridge origins
    trien-bridge origins remove https://portal.example
    trien-bridge journal

    trien-bridge --help
    trien-bridge --version
`

/** What `--help` prints after the usage. */
export const HELP = `
options of serve:
    --module FILE         serve the tokens of this PKCS#11 module alone; may be given again
    --no-discovery        look for no module
    --demo                serve the embedded token alone: throw-away certificates that say DEMO
    --demo-ca FILE        write the certificate of their authority to FILE (PEM)
    --port N              listen on this port only; 0 takes any free one
    --pinentry PROGRAM    ask through this pinentry
    --language vi|en      speak this language, whatever the page's

options of tokens:
    --module FILE         look at this PKCS#11 module alone; may be given again
    --json                print JSON

Without --module, the bridge finds the PKCS#11 modules of this computer by itself: those that vendors are known to
install, those of p11-kit, and those that /etc/trien/bridge.json or ~/.config/trien/bridge.json names:
    { "modules": ["/opt/vendor/libtoken.so"], "ignoreModules": ["/usr/lib/libold.so"] }

journal: what was asked to be signed and how it ended, since the bridge was installed
    --json, --csv         print JSON, or a table for spreadsheets
    verify                check every line; says where the journal was changed or cut; with --json as JSON
    summary               count documents by month, origin and certificate; with --json as JSON

origins: the sites that may see the certificates
    --json                print JSON
    remove ORIGIN         take it back from one; a running bridge heeds it at once
    clear                 take it back from all

The person is asked once for each site. The answer is kept in $XDG_STATE_HOME/trien/origins.json
(~/.local/state/trien/origins.json) until a year without use; "serve --demo" keeps it no longer than it runs.

The bridge listens on 127.0.0.1 and ::1, never on another interface. Pages reach it at ws://127.0.0.1:27480/v1
(or the next four ports). They need an https origin and learn nothing before the person has agreed.
`
