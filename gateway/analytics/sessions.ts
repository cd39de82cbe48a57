import { questions } from '../../contract/analytics.ts';
import { principals } from './principals.ts';
import type { Question } from './question.ts';

export const sessions: Question<'sessions'> = {
  query: questions.sessions.query,
  answer: async (warehouse, query, context) => {
    const { range, rows } = await principals('session_id', warehouse, query, context);
    return { range, sessions: rows };
  },
};
