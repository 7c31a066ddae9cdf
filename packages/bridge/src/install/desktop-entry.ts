/**
 * The entry that a desktop starts at login (XDG Autostart, Desktop Entry Specification 1.5).
 * @module
 */

export const ENTRY_NAME = 'trien-bridge.desktop'

/**
 * Writes the entry.
 * @param besideUnit whether a systemd unit is there too: desktops that systemd runs must then pass this one over
 */
export function writeDesktopEntry(command: readonly string[], besideUnit: boolean): string {
  const skip = besideUnit ? 'X-systemd-skip=true\nX-GNOME-HiddenUnderSystemd=true\n' : ''
  return `[Desktop Entry]
Type=Application
Name=Trien
Name[vi]=Trien
Comment=Sign in web portals with your own token
Comment[vi]=Ký số trên các cổng bằng USB token của bạn
Exec=${command.map(quoteArgument).join(' ')}
NoDisplay=true
Terminal=false
StartupNotify=false
${skip}`
}

/**
 * "The Exec key": an argument in double quotes, with `"`, `` ` ``, `$` and `\\` escaped; then the rules for values of
 * type string, which double each backslash; then `%`, which begins a field code.
 */
function quoteArgument(argument: string): string {
  const quoted = `"${argument.replace(/["`$\\]/g, '\\$&')}"`
  return quoted.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('%', '%%')
}
