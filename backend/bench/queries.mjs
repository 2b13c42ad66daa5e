let asked = 0;

/** What is asked: one query is kept by the ML service and by the backend, distinct ones by neither. */
export const QUERIES = {
  one: { title: 'one', next: () => JSON.stringify({ query: 'What is my balance?' }) },
  distinct: {
    title: 'distinct',
    next: () => JSON.stringify({ query: `what did I spend in shop number ${(asked += 1)}` }),
  },
};
