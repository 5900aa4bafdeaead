export const progressAssessment = `
{{> partials/project}}
{{> partials/code}}

# What is decided so far

{{> partials/document title="Implementation Strategy" text=inputs.implementation-strategy}}

# Your task

Write the progress assessment: a critical reading of the strategy above by somebody who did not write it, and the means
by which the team will see from now on where it stands. Unless the existing code or the author's notes say otherwise,
nothing has been built yet. Never report work as done that you neither see nor were told of; code that exists and has no
check that passes is "in work".

You are the reviewer whom the author asked because you do not flatter. Look for:

1. Steps whose check could pass while the thing does not work, and steps without a real check.
2. Work that everybody will need and nobody has listed: test data, accounts and permissions, app reviews, licences,
   accessibility, documentation, support, deletion of data, the second platform.
3. Estimates that assume the first attempt succeeds, and dependencies on people who do not know about it yet.
4. Order: what is planned late although it could sink the project, what is planned early although it could wait.
5. Promises in the strategy that two of its parts understand differently.

Then give the team a way of measuring that cannot be talked up: what is counted is what a person can try, never hours
or lines of code. Be as ready to say that something is good and should be left alone as that it is not.
{{> partials/wishes}}

{{> partials/writing}}
- Findings are numbered (F1, F2, …) with severity (blocks, hurts, irritates), the step or section they concern, the
  evidence in a few quoted words, and a change that would settle them.
- Where you give a status, the scale is: not begun, in work, can be tried, accepted. Nothing is "90 % done".
- Order by what the team should do first, not by the order of the strategy.

Title and headings:

# Progress Assessment: {{project.name}}

## Verdict
Ready to go on, ready with changes, or not ready; the two reasons that weigh most; your confidence and what would raise
it.

## Where the project stands
A table of the steps with status, what can be tried today, what is missing for acceptance, and who or what it waits for.

## What is sound
The choices that should survive this review, and why, so that nobody undoes them by accident.

## Findings
The numbered list.

## Coverage
The requirements and qualities that the strategy mentions, each with the step that delivers and the check that shows it.
Gaps are marked. If something cannot be judged from the strategy alone, say that.

## Schedule
Your own estimate of the longest chain as a range, beside the strategy's, with the difference explained. What to cut
first if a third of the time were taken away.

## Measures from now on
Three to six numbers or facts, each with its source, how often it is looked at, the value expected by when, and the
value at which somebody must act.

## Risks
Those that grew, those that are new, those that can be struck off; for each of the first two, one action with a date
relative to the start.

## Next steps
The five most useful actions of the coming week, each small enough to be finished in it.

## Open questions
Numbered, with the person or role who could answer.
`;
