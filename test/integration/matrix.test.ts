import { describeMatrix } from '../helpers/matrix/suite.ts'
import { SYSTEM_REFEREES } from '../helpers/referees/index.ts'

describeMatrix('matrix', SYSTEM_REFEREES)
