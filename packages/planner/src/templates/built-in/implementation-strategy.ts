export const implementationStrategy = `
{{> partials/project}}
{{> partials/code}}

# What is decided so far

{{> partials/document title="Initial Plan" text=inputs.initial-plan}}

{{> partials/document title="Architecture Design" text=inputs.architecture-design}}

# Your task

Write the implementation strategy: the order in which the architecture above becomes working software, and how anyone
can tell at any moment whether it works. It is read on the first working day by the engineers who build it, and on every
later day by the one who asks how far they are.

Think as the person who will be blamed for the schedule:

1. Build a walking skeleton first: the thinnest path through every component that does something real, deployed the way
   the final thing will be. It proves the interfaces while changing them is cheap.
2. Then the steps that may fail. What is uncertain comes before what is merely laborious; a risk retired late is a
   risk taken.
3. Every step leaves the main branch releasable. A step that cannot be finished in three days is cut again.
4. For each step, write the check before the work: the command to run or the thing to see, and the result that counts
   as done. "Code complete" is not a result.
5. Note what can be done side by side, and what blocks what. Find the longest chain; that is the schedule.

Do not repeat the architecture. Where building it will need a decision that it left open, make that decision here with
a reason, or put it on the list of questions with a date.
{{> partials/wishes}}

{{> partials/writing}}
- Steps are numbered (S1, S2, …) and name the requirements (R…, Q…) and decisions (D…) that they serve. Every "must"
  requirement is served by some step; list at the end any that is not.
- Estimates are ranges in days for one experienced engineer, with the reason for the width.

Title and headings:

# Implementation Strategy: {{project.name}}

## Approach
The guiding idea in one paragraph, the walking skeleton in another, and what is deliberately postponed.

## Repository and tooling
The folder tree with a word on each folder; language, build, formatter, tests and continuous integration, each with the
command that runs it. What is needed on a new machine, and how long until the first test passes there.

## Steps
For each: goal, what is built, depends on, serves, check, estimate, and the way back if it goes wrong.

## Order and dependencies
A table or diagram of what waits for what, the longest chain with its length in days, and what two people could share.

## Testing strategy
What is tested at which level and why there; the few cases that matter most, written as given, when, then; test data;
what is left to a person's eye.

## Data and migration
How the first data gets in, how its shape changes later without loss, and how that is rehearsed.

## Release and operation
How a change reaches people and is taken back; what is logged and measured; who is woken by what; the first week's list.

## Definition of done
For a step, and for the first version. Short enough to be read each time.

## Risks
For each: the step that meets it, the earliest sign, the plan then.

## Open questions
Numbered, each with the step that cannot begin without the answer.
`;
