/**
 * Asks on macOS: `osascript` runs one fixed script, which reads its words from stdin as data. Not yet tried on a real
 * macOS; its logic is run against doubles of the scripting host.
 * @module
 */
import type { DialogProgram } from './dialog-program.ts'

/** JavaScript for Automation. The dialog's default answer is to refuse, so that a stray Return agrees to nothing. */
export const OSASCRIPT_DIALOG = `
ObjC.import('Foundation')
function run() {
  const input = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile
  const base64 = $.NSString.alloc.initWithDataEncoding(input, $.NSUTF8StringEncoding)
  const bytes = $.NSData.alloc.initWithBase64EncodedStringOptions(base64, 1)
  const json = $.NSString.alloc.initWithDataEncoding(bytes, $.NSUTF8StringEncoding)
  const ask = JSON.parse(ObjC.unwrap(json))
  return encode(JSON.stringify(show(ask)))
}
function show(ask) {
  const app = Application.currentApplication()
  app.includeStandardAdditions = true
  const options = {
    withTitle: ask.title,
    buttons: [ask.refuse, ask.accept],
    defaultButton: ask.label === null ? 1 : 2,
    cancelButton: 1,
    givingUpAfter: ask.timeoutSeconds,
    withIcon: 'caution',
  }
  const lines = [ask.heading, ask.text]
  if (ask.label !== null) {
    options.defaultAnswer = ''
    options.hiddenAnswer = true
    lines.push('', ask.label)
  }
  try {
    app.activate()
    const reply = app.displayDialog(lines.join('\\n'), options)
    if (reply.gaveUp) return { outcome: 'timeout' }
    if (reply.buttonReturned !== ask.accept) return { outcome: 'refused' }
    return { outcome: 'accepted', secret: ask.label === null ? '' : reply.textReturned }
  } catch (error) {
    if (error.errorNumber === -128) return { outcome: 'refused' }
    throw error
  }
}
function encode(text) {
  const bytes = $.NSString.alloc.initWithUTF8String(text).dataUsingEncoding($.NSUTF8StringEncoding)
  return ObjC.unwrap(bytes.base64EncodedStringWithOptions(0))
}
`

/** The program of macOS. */
export const OSASCRIPT: DialogProgram = {
  program: '/usr/bin/osascript',
  args: ['-l', 'JavaScript', '-e', OSASCRIPT_DIALOG],
}
