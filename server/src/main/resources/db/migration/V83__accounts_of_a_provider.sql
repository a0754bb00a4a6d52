-- Accounts of an OpenID provider. Found by issuer and subject, which the provider never gives to another, and by
-- nothing else: a name or an e-mail there says nothing about an account here. Their roles are those of the last sign-in
-- and hold until rights_until, for their tokens too.
create table account_identity (
    account_id bigint primary key references account (id) on delete cascade,
    issuer text not null,
    subject text not null,
    signed_in_at timestamptz not null,
    rights_until timestamptz not null,
    unique (issuer, subject)
);

-- They have no password here, and no e-mail, which is what a password is found by.
alter table account
    alter column email drop not null,
    alter column password drop not null,
    add constraint account_password_has_an_email check ((email is null) = (password is null));
