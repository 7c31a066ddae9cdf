/**
 * Asks on Windows: PowerShell runs one fixed script, which reads its words from stdin as data and shows a window of
 * WinForms. Not yet tried on a real Windows, and no PowerShell has read the script.
 * @module
 */
import path from 'node:path'
import type { DialogProgram } from './dialog-program.ts'

/**
 * Windows PowerShell 5.1. Where the machine's policy constrains scripts (AppLocker's Constrained Language Mode) no
 * window can be made: it ends without an answer, which is BRIDGE_NO_PROMPT. In a yes-or-no the default is no.
 */
export const POWERSHELL_DIALOG = `
$ErrorActionPreference = 'Stop'
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { exit 3 }
Add-Type -AssemblyName System.Windows.Forms, System.Drawing
$utf8 = New-Object System.Text.UTF8Encoding $false
$ask = $utf8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd().Trim())) | ConvertFrom-Json
function Plain([string] $text) { $text.Replace("\`n", [Environment]::NewLine) }
$form = New-Object System.Windows.Forms.Form
$form.Text = $ask.title
$form.TopMost = $true
$form.ShowInTaskbar = $true
$form.StartPosition = 'CenterScreen'
$form.FormBorderStyle = 'FixedDialog'
$form.MaximizeBox = $false
$form.MinimizeBox = $false
$form.AutoSize = $true
$form.AutoSizeMode = 'GrowAndShrink'
$panel = New-Object System.Windows.Forms.FlowLayoutPanel
$panel.FlowDirection = 'TopDown'
$panel.WrapContents = $false
$panel.AutoSize = $true
$panel.Padding = New-Object System.Windows.Forms.Padding 16
$form.Controls.Add($panel)
$heading = New-Object System.Windows.Forms.Label
$heading.UseMnemonic = $false
$heading.AutoSize = $true
$heading.Font = New-Object System.Drawing.Font 'Segoe UI', 14, ([System.Drawing.FontStyle]::Bold)
$heading.Text = $ask.heading
$panel.Controls.Add($heading)
$body = New-Object System.Windows.Forms.TextBox
$body.Multiline = $true
$body.ReadOnly = $true
$body.TabStop = $false
$body.ScrollBars = 'Vertical'
$body.Font = New-Object System.Drawing.Font 'Segoe UI', 10
$body.Width = 560
$body.Height = 260
$body.Text = Plain $ask.text
$panel.Controls.Add($body)
$secret = $null
if ($null -ne $ask.label) {
  $label = New-Object System.Windows.Forms.Label
  $label.UseMnemonic = $false
  $label.AutoSize = $true
  $label.Text = $ask.label
  $panel.Controls.Add($label)
  $secret = New-Object System.Windows.Forms.TextBox
  $secret.UseSystemPasswordChar = $true
  $secret.Width = 560
  $panel.Controls.Add($secret)
}
function Button([string] $text, [System.Windows.Forms.DialogResult] $result) {
  $button = New-Object System.Windows.Forms.Button
  $button.UseMnemonic = $false
  $button.AutoSize = $true
  $button.Text = $text
  $button.DialogResult = $result
  $panel.Controls.Add($button)
  $button
}
$accept = Button $ask.accept 'Yes'
$refuse = Button $ask.refuse 'No'
if ($null -ne $secret) { $form.AcceptButton = $accept } else { $form.AcceptButton = $refuse }
$timer = New-Object System.Windows.Forms.Timer
$timer.Interval = 1000 * [int] $ask.timeoutSeconds
$timer.Add_Tick({ $form.DialogResult = 'Abort' })
$timer.Start()
$form.Add_Shown({
  $form.Activate()
  if ($null -ne $secret) { [void] $secret.Focus() } else { [void] $refuse.Focus() }
})
$result = [string] $form.ShowDialog()
$outcome = switch ($result) { 'Yes' { 'accepted' } 'No' { 'refused' } 'Abort' { 'timeout' } default { 'cancelled' } }
$answer = @{ outcome = $outcome }
if ($outcome -eq 'accepted' -and $null -ne $secret) { $answer.secret = $secret.Text }
[Console]::Out.Write([Convert]::ToBase64String($utf8.GetBytes(($answer | ConvertTo-Json -Compress))))
`

/** The program of Windows, by its own folder and never by PATH. */
export function findPowershell(env: NodeJS.ProcessEnv): DialogProgram {
  const root = env['SystemRoot'] ?? 'C:\\Windows'
  const script = Buffer.from(POWERSHELL_DIALOG, 'utf16le').toString('base64')
  return {
    program: path.win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    // -STA: WinForms needs a single-threaded apartment.
    args: ['-NoProfile', '-NonInteractive', '-STA', '-EncodedCommand', script],
  }
}
