import { describe, expect, it } from 'vitest'
import { createDemoSource } from '../../soft/demo-source.ts'
import { say } from '../finding.ts'
import { judgeCertificate, judgeTime } from './certificates.ts'

const NAME = say('Chứng thư số', 'Certificate')

describe('a certificate', () => {
  it.each([
    ['2025-12-31', 'bad', 'is not valid yet.'],
    ['2026-01-01', 'good', 'valid for 365 days.'],
    ['2026-12-02', 'good', 'valid for 30 days.'],
    ['2026-12-03', 'warning', 'expires in 29 days.'],
    ['2027-01-01', 'warning', 'expires in 0 days.'],
    ['2027-01-02', 'bad', 'has expired.'],
  ])('on %s is %s: %s', (day, state, en) => {
    const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2027-01-01') }
    expect(judgeTime(validity, new Date(day))).toMatchObject({ state, text: { en } })
  })

  it('keeps the name of its holder apart from the sentence', async () => {
    const source = await createDemoSource()
    const [first] = await source.listCertificates(AbortSignal.timeout(10_000))
    await source.close()
    const judged = judgeCertificate(first?.certificate ?? new Uint8Array(), NAME, new Date())
    expect(judged.text.vi).toMatch(/^Chứng thư số: /)
    expect(judged.personal?.[0]).toContain('CN=')
    expect(JSON.stringify(judged.text)).not.toContain('DEMO')
  })

  it('that cannot be read is told, not thrown', () => {
    expect(judgeCertificate(new Uint8Array([0x30, 0]), NAME, new Date()).state).toBe('bad')
  })
})
