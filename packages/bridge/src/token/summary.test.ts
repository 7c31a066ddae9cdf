import { expect, test } from 'vitest'
import { createAuthority } from '../soft/authority.ts'
import { summarizeCertificate } from './summary.ts'

const CN = '2.5.4.3'
const O = '2.5.4.10'

async function summarize(...subject: (readonly [string, string])[]) {
  return summarizeCertificate((await createAuthority(subject)).certificate)
}

test('a Vietnamese name with everything that would need escaping', async () => {
  const holder = 'Nguyễn Thị Ánh, "Trưởng phòng" + <Sở #1>; CN=giả / \\ '
  const summary = await summarize([O, 'UBND tỉnh Đắk Lắk'], [CN, holder])
  expect(summary.holder).toBe(holder.trim())
  expect(summary.organization).toBe('UBND tỉnh Đắk Lắk')
  expect(summary.issuer).toBe(holder.trim())
})

test('a value of several lines stays one value on one line', async () => {
  const summary = await summarize([CN, 'An\nCN=Bình\u202e\u0000'], [O, '  '])
  expect(summary.holder).toBe('An CN=Bình')
  expect(summary).not.toHaveProperty('organization')
})

test('of several common names, the most specific; of none, the organisation', async () => {
  expect((await summarize([CN, 'Sở Y tế'], [CN, 'Lê Văn Tám'])).holder).toBe('Lê Văn Tám')
  expect((await summarize([O, 'Chỉ có tổ chức'])).holder).toBe('Chỉ có tổ chức')
  expect((await summarize(['2.5.4.7', 'Huế'])).holder).toBe('L=Huế')
})

test('a name in decomposed letters is shown composed', async () => {
  expect((await summarize([CN, 'Trần Đức'.normalize('NFD')])).holder).toBe('Trần Đức')
})

test('dates, serial number and key usage', async () => {
  const authority = await createAuthority([[CN, 'CA']])
  const summary = summarizeCertificate(authority.certificate)
  expect(summary.signsDocuments).toBe(false)
  expect(summary.serialNumber).toMatch(/^[0-9A-F]{32}$/)
  expect(Date.parse(summary.notAfter) - Date.parse(summary.notBefore)).toBe(91 * 86_400_000)
})
