import { describeDemoToken } from '../helpers/demo-token-suite.ts'
import { SYSTEM_REFEREES } from '../helpers/referees/index.ts'

describeDemoToken(SYSTEM_REFEREES)
