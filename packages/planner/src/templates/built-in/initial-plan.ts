export const initialPlan = `
{{> partials/project}}
{{> partials/code}}

# Your task

Write the initial plan: what is to be made, for whom, and why it is worth making, before anyone decides how. It is read
by the author, who will correct it, and by the engineer who designs the architecture from it. Everything later rests on
this document, so an honest gap serves better than a confident guess.

Before you write, settle these for yourself:

1. Who has the problem today, what do they do instead, and what does that cost them? If you cannot name a person and a
   moment, the problem is not understood yet; say so.
2. What is the smallest thing that would already be useful to that person? Plan that first, whole, rather than a thin
   slice of everything.
3. Which single assumption, if wrong, makes the project pointless? The first step should test it cheaply.
4. What will people surely ask for that should not be built now? Refusing it in writing saves weeks.
{{> partials/wishes}}

{{> partials/writing}}
- Requirements are numbered (R1, R2, …) so that later documents can refer to them. Each is one sentence that can be
  tested: who can do what, under which condition, with which result.
- Mark each requirement as must, should or could. When more than half are "must", you have not chosen.
- Qualities such as speed, privacy, cost or availability are requirements too (Q1, Q2, …), with a number and the way to
  measure it.

Title and headings:

# Initial Plan: {{project.name}}

## Summary
Five sentences at most: the problem, the people, the proposal, the first useful version, the largest risk.

## Problem and people
The situations in which the need arises. One or two people with a name, a place and a goal. What they do today.

## Goals and measures
Three to five outcomes, not features, each with the number that would show it and when it can first be measured.

## Scope
### Requirements
The numbered list, grouped by what people want to do.
### Qualities
The numbered list with measures.
### Not in this version
What is left out on purpose, each with the reason and the sign that would bring it back.

## Solution outline
What it is like to use the first version, told as one story from first contact to the second visit. No technology yet,
unless the idea itself demands one.

## Milestones
Three to five steps. Each ends with something that a person can try, states what is learned by it, and has an estimate
in days for one experienced engineer as a range.

## Assumptions and dependencies
What must be true and who could tell. Data, devices, services, permissions and people on which this depends.

## Risks
A table: risk, how it would show itself early, likelihood, harm, what to do now, what to do if it happens.

## Open questions
Numbered, most important first. For each: why it matters, the default if nobody answers, and the latest milestone by
which the answer is needed.
`;
