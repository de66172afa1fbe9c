#!/usr/bin/env perl
# A rustpipe worker in Perl: takes the lines of a web server's log apart.
use strict;
use warnings;
use Errno qw(EAGAIN EINTR);
use IO::Handle;
use JSON::PP;
use Time::Local qw(timegm);

my $json = JSON::PP->new->utf8->allow_nonref->canonical;

# Name, type, whether it may be null, and what it means.
my @columns = (
    ['host',   'string',    0, 'Who asked'],
    ['user',   'string',    1, 'The user, where one is known'],
    ['at',     'timestamp', 0, 'When'],
    ['method', 'string',    0, 'What was to be done'],
    ['path',   'string',    0, 'With what'],
    ['status', 'int',       0, 'The answer'],
    ['bytes',  'bigint',    1, 'The size of its body'],
);

my %month;
@month{qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)} = 0 .. 11;

# The values of a line by the names of their columns; dies if it is none of a log.
sub parse {
    my ($line) = @_;
    defined $line && !ref $line && $line =~ m{
        ^ (?<host>\S+) [ ] \S+ [ ] (?<user>\S+) [ ]
        \[ (?<day>\d\d) / (?<month>\w{3}) / (?<year>\d{4}) : (?<hour>\d\d) : (?<minute>\d\d) : (?<second>\d\d) [ ]
           (?<sign>[-+]) (?<zone_hours>\d\d) (?<zone_minutes>\d\d) \] [ ]
        "(?<method>\S+) [ ] (?<path>\S+) [^"]*" [ ] (?<status>\d{3}) [ ] (?<bytes>\d{1,18}|-) }ax
        or die "not a line of a web server's log\n";
    my %part = %+;
    my $month = $month{ $part{month} } // die "no month '$part{month}'\n";
    my $offset = ($part{zone_hours} * 60 + $part{zone_minutes}) * 60;
    my $seconds = timegm(@part{qw(second minute hour day)}, $month, $part{year});
    $seconds -= $part{sign} eq '-' ? -$offset : $offset;
    return (
        host   => $part{host},
        user   => $part{user} eq '-' ? undef : $part{user},
        at     => $seconds * 1_000_000,
        method => $part{method},
        path   => $part{path},
        # Adding zero makes a number of digits, and JSON of a number.
        status => 0 + $part{status},
        bytes  => $part{bytes} eq '-' ? undef : 0 + $part{bytes},
    );
}

# A frame as a line, its fields in the order in which they are given: a hash has none.
sub frame {
    my @fields;
    while (my ($name, $value) = splice @_, 0, 2) {
        push @fields, "\"$name\":" . $json->encode($value);
    }
    return '{' . join(',', @fields) . "}\n";
}

sub describe {
    my @described = map {
        my ($name, $type, $nullable, $comment) = @$_;
        { name => $name, type => $type, nullable => $nullable ? JSON::PP::true : JSON::PP::false,
          comment => $comment, cost => 'none' }
    } @columns;
    my $line = { name => 'line', type => 'string', nullable => JSON::PP::false, comment => 'A line of a log' };
    return frame(
        name => 'requests', version => '1.0.0', protocol => [1], platform => 'any',
        tables => [ { name => 'requests', comment => 'One row per line of a log', rows_per_input => 'many',
                      input => [$line], columns => \@described } ],
        filters => [], options => [],
        limits => { line_in_bytes => 1 << 20, line_out_bytes => 16 << 20 },
    );
}

my ($in, $out) = ('', '');    # What has been read and not understood yet, and what has to be written.
my @wanted;                   # The names of the columns; unset before `open`.
my ($greeted, $ended) = (0, 0);
my ($inputs, $errors) = (0, 0);

sub open_up {
    my ($open) = @_;
    $open->{version} == 1          or die "no version $open->{version} of the protocol, only 1\n";
    $open->{table} eq 'requests'   or die "no table '$open->{table}', only 'requests'\n";
    my %type = map { $_->[0] => $_->[1] } @columns;
    @wanted = @{ $open->{columns} };
    for my $name (@wanted) {
        $type{$name} or die "no column '$name', only " . join(', ', map { $_->[0] } @columns) . "\n";
    }
    $greeted = 1;
    return frame(
        type => 'hello', version => 1, name => 'requests', worker_version => '1.0.0',
        columns => [ map { { name => $_, type => $type{$_} } } @wanted ],
        window => { inputs => 256, bytes => 4 << 20 },
    );
}

sub answer {
    my ($frame) = @_;
    $inputs++;
    my %value = eval { parse($frame->{input}{line}) };
    if ($@) {
        $errors++;
        (my $message = $@) =~ s{ at \S+ line \d+\.?$|\n$}{}g;
        return frame(type => 'error', id => $frame->{id}, code => 'BAD_INPUT', message => $message,
                     retryable => JSON::PP::false, rows => 0);
    }
    return frame(type => 'rows', id => $frame->{id}, rows => [ [ @value{@wanted} ] ],
                 done => { status => 'SUCCEEDED', rows => 1 });
}

# What a frame is answered with.
sub take {
    my $frame = $json->decode($_[0]);
    my $type = $frame->{type} // '';
    return open_up($frame) if $type eq 'open' && !$greeted;
    return answer($frame)  if $type eq 'in'   && $greeted;
    die "unknown frame '$type'\n" unless $type eq 'end' && $greeted;
    $ended = 1;
    return frame(type => 'bye', inputs => $inputs, rows => $inputs - $errors, errors => $errors);
}

# Waits for both pipes at once, and never for the output alone: the connector may send a whole window before it reads
# anything, and its end has to be seen while the output is blocked. The window bounds what is kept here.
sub run {
    STDOUT->blocking(0);
    until ($ended && $out eq '') {
        my ($readable, $writable) = ('', '');
        vec($readable, fileno(STDIN),  1) = 1 unless $ended;
        vec($writable, fileno(STDOUT), 1) = 1 if $out ne '';
        select($readable, $writable, undef, undef) >= 0 or next;
        if (vec($writable, fileno(STDOUT), 1)) {
            my $written = syswrite STDOUT, $out;
            exit 0 unless defined $written || $! == EAGAIN || $! == EINTR;    # Nobody reads any more.
            substr($out, 0, $written // 0, '');
        }
        if (!$ended && vec($readable, fileno(STDIN), 1)) {
            sysread(STDIN, $in, 1 << 16, length $in)
                or die "standard input ended without 'end': the connector is gone\n";
            while (!$ended && (my $end = index $in, "\n") >= 0) {
                $out .= take(substr $in, 0, $end + 1, '');
            }
        }
    }
}

my $word = "@ARGV";
if    ($word eq 'describe') { print describe() }
elsif ($word eq 'run')      { run() }
else                        { die "usage: requests.pl describe|run\n" }
