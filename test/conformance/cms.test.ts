import { describeCmsMatrix } from '../helpers/cms-matrix-suite.ts'
import { ALL_REFEREES } from '../helpers/referees/index.ts'

describeCmsMatrix(ALL_REFEREES)
