/**
 * The unit for the person's own systemd (systemd.service(5), systemd.exec(5)).
 * @module
 */

export const UNIT_NAME = 'trien-bridge.service'

/**
 * Writes the unit. It lives and ends with the desktop, for without a display nobody could be asked.
 *
 * Hardened by what needs no file system of its own: drivers write where they like below the home folder, pinentry needs
 * the display's socket in /tmp, and on machines without user namespaces a unit that asks for more does not start at all.
 * V8 makes code as it runs, so that memory cannot be held to W^X. Netlink is how libusb hears of a token.
 * @param command absolute program and its arguments
 */
export function writeUnit(command: readonly string[]): string {
  return `[Unit]
Description=Trien, signing with the person's own token
PartOf=graphical-session.target
After=graphical-session.target

[Service]
ExecStart=${command.map(quoteArgument).join(' ')}
Restart=on-failure
RestartSec=2
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=graphical-session.target
`
}

/** systemd.syntax(7), "Quoting"; `%` and `$` would be expanded (systemd.unit(5), systemd.service(5)). */
function quoteArgument(argument: string): string {
  const escaped = argument
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$')
    .replaceAll('\n', '\\n')
  return `"${escaped}"`
}
