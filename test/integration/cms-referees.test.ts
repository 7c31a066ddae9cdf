import { describeCmsMatrix } from '../helpers/cms-matrix-suite.ts'
import { SYSTEM_REFEREES } from '../helpers/referees/index.ts'

describeCmsMatrix(SYSTEM_REFEREES)
