/** What `trien-bridge help policy` prints. */
export const POLICY_HELP = `usage:
    trien-bridge policy --origin https://portal.example
    trien-bridge policy --origin https://portal.example --browser edge --format reg

Prints a policy file with which a browser lets the pages of a site reach the bridge without asking. Writes none: that is
for the administrator of the computer. The person is asked by the bridge all the same.

    --origin ORIGIN       the site; may be given again
    --browser chrome|chromium|edge|firefox
    --format json|reg|plist
                          for Linux, Windows, macOS; this system's where left out

A list in a policy replaces the same list in another file: give all sites at once.
`
