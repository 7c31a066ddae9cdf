import { describeMatrix } from '../helpers/matrix/suite.ts'
import { ALL_REFEREES } from '../helpers/referees/index.ts'

describeMatrix('conformance-matrix', ALL_REFEREES, {
  witnesses: 3,
  page: 'docs/conformance.md',
})
