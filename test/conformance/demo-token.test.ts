import { describeDemoToken } from '../helpers/demo-token-suite.ts'
import { ALL_REFEREES } from '../helpers/referees/index.ts'

describeDemoToken(ALL_REFEREES)
