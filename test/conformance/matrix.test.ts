import { everything } from '../helpers/matrix/container.ts'
import { describeMatrix } from '../helpers/matrix/suite.ts'
import { ALL_REFEREES } from '../helpers/referees/index.ts'

describeMatrix('conformance-matrix', ALL_REFEREES, {
  rule: everything,
  witnesses: 3,
  page: 'docs/conformance.md',
})
