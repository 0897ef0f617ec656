// Who is on call is told.
import '../../harness/round.js';
import '../escalation.answers.spec.js';
import '../escalation.taken.spec.js';
import '../escalation.at-night.spec.js';
