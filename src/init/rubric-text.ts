/** A rubric to begin with: valid as it stands, with an example of everything that one may hold. */
export const rubricText = `# What a finished item is worth: a judge of its own scores each item, and code adds up.
# It is read from the base branch, so commit and push it, then name it in regen.yaml:
#   evaluate: { rubric: prompts/rubric.yaml, accept: 90 }
categories: # the score is the share of all points, 0 to 100
  - id: TASK
    name: What was asked for
    max: 50
    items:
      - id: TASK-01
        name: Does all that the specification asks for
        max: 30
        anchors: # what a score looks like, so that the same work gets the same score
          30: nothing is missing and nothing was added
          20: one small thing is missing
          5: the main thing works, much is missing
      - { id: TASK-02, name: 'Works at its edges: empty, large and odd input', max: 20 }
  - id: CRAFT
    name: How it is made
    max: 50
    items:
      - { id: CRAFT-01, name: A newcomer reads it once and understands it, max: 25 }
      - { id: CRAFT-02, name: Nothing in it is idle or said twice, max: 25 }

caps: # faults that no other virtue makes up for
  - { id: CAP-1, name: Misses the main thing, atMost: 50, when: { item: TASK-01, below: 10 } } # decided by the points
  - { id: CAP-2, name: Copies another item, atMost: 60 } # decided by the judge

reject: # faults that make the score 0; missing, small and blank cost no review
  - { id: AR-1, name: Is only a stub } # decided by the judge
  # - { id: AR-2, name: No source, missing: 'pieces/{target}/{item}.txt' }
  # - { id: AR-3, name: Hardly a picture, small: { file: plot.png, bytes: 10000 } }
  # - { id: AR-4, name: Nothing to see, blank: plot.png }
`;
