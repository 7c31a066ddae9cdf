/**
 * Which language the person reads, as the system says.
 * @module
 */
import type { Language } from '@trien/sdk/errors'

/** Vietnamese where the locale is (POSIX LC_ALL, LC_MESSAGES, LANG in this order; else what the system says). */
export function findLanguage(env: Readonly<Record<string, string | undefined>>): Language {
  const named = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(Boolean)
  const locale = named ?? new Intl.DateTimeFormat().resolvedOptions().locale
  return locale.toLowerCase().startsWith('vi') ? 'vi' : 'en'
}
