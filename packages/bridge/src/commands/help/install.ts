/** What `trien-bridge help install` prints. */
export const INSTALL_HELP = `usage:
    trien-bridge install --user
    trien-bridge install --user --dry-run

Has the bridge start whenever you log in to your desktop, and starts it now where the system can. A second time changes
nothing. Run it as yourself: it needs no administrator.

    --user                for you alone, in your own folders
    --tls                 listen for wss too, as "serve --tls" does; first: trien-bridge tls install
    --dry-run             only print what would be written and run

Linux: a systemd unit of your own (~/.config/systemd/user) and an entry in ~/.config/autostart. macOS: a LaunchAgent.
Windows: a value in HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run.
`

/** What `trien-bridge help uninstall` prints. */
export const UNINSTALL_HELP = `usage:
    trien-bridge uninstall
    trien-bridge uninstall --all
    trien-bridge uninstall --all --with-journal

Ends what "install" began, and removes all that it wrote.

    --all                 forget what the bridge remembers, too: the sites that may see the certificates, wrong PINs,
                          and the certificate of "tls install", which browsers are told to forget
    --with-journal        the journal and its key as well; what was signed can then no longer be shown
    --dry-run             only print what would be removed

Settings that you wrote yourself (~/.config/trien) stay.
`
