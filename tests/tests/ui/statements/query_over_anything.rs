use memorm::prelude::*;

fn count_all<S>(query: Select<S>, session: &Session) -> memorm::Result<usize> {
    query.count(session)
}

fn main() {}
