/** What `trien-bridge help tls` prints. */
export const TLS_HELP = `usage:
    trien-bridge tls install
    trien-bridge tls status
    trien-bridge tls remove

For pages that may open only wss: in Safari, and in Firefox where a portal upgrades insecure requests. Makes an authority
that can vouch for localhost, 127.0.0.1 and ::1 alone, signs the bridge's certificate with it, destroys its key, and has
the browsers of this account believe it.

    install               do that; again: tell browsers that came later
    install --renew       make a new one in its place
    status                show what is believed, where and until when; with --json as JSON
    policy                print what an administrator may lay down instead, for Firefox, Chromium, Chrome and Edge
    remove                take all of it back

Kept in $XDG_STATE_HOME/trien (~/.local/state/trien), the key for this account alone. Browsers that are told: Chromium,
Chrome and Edge by ~/.pki/nssdb, Firefox by each of its profiles; this needs certutil (apt install libnss3-tools).
The certificate lives 397 days; "serve --tls" replaces it in the last thirty, also while it runs, where that needs nobody's
consent. "uninstall --all" takes it back, too.
`
